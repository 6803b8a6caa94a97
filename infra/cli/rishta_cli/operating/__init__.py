"""What an operator does: look at a stack, and put right what went wrong."""
