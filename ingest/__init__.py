"""The write side: finds files, turns them into elements and chunks, and adds them to the index."""
