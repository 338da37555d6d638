"""核验: the frozen lists of clients, the draw, the calls and online answers, and what they come to."""
