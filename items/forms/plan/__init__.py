"""Forms on which the plan office edits the plan itself, split by subject."""
