"""What others ask of shops: what is found, what a shop shows, what somebody bought, what the rules know of it."""
