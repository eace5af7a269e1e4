"""Operations: what an administrator sees of a server: load, queues, storage, publishers."""
