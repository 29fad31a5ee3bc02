"""ARI, as Asterisk speaks it: events come in and requests go out on one websocket."""
