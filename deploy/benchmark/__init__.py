"""Measuring the product on recordings with truth: NAME.flac, NAME.json, NAME.rttm."""
