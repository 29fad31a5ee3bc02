"""What every test shares: no test leaves this machine."""
