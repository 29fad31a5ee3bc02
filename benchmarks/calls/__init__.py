"""The events of whole calls over HTTP: the engine beside a bare Flask view (see ``compare``)."""
