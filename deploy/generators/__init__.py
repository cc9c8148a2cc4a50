"""Files that are generated from the code: which they are, and what each of them must hold."""
