"""The write side over HTTP. `app.py` has its routes, `main.py` its composition."""
