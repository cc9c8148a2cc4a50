"""The write side: the HTTP gateway that phones upload to, and the phone simulator."""
