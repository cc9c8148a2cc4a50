"""The warehouse's schema: migrations, what only a server runs, and the dictionary made from them."""
