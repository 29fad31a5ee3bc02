"""The life of a call: what comes in, who is asked, what is kept, what goes out."""
