"""Recording of conversations: on what terms, who may listen, and how long they are kept."""
