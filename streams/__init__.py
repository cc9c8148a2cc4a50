"""The Faust worker: pure folds, and thin agents that run them."""
