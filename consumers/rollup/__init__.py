"""Consumer group `rollup`: days that changed are recomputed from FINAL, never added up."""
