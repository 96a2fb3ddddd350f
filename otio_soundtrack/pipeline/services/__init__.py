"""Services: what is asked of them, the doors that jobs go through, and what they do besides scoring."""
