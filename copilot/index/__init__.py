"""Where points are kept and searched: Qdrant Edge in the process, or a Qdrant server."""
