"""What comes from outside, broken at random: nothing may fail in a way that its reader did not name."""
