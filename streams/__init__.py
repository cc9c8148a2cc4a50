"""The Faust app: one pure fold and one thin agent each for sessions, attribution, tally and credits."""
