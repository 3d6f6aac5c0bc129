"""Is somebody there who speaks? One question, one answer, no session."""

import asyncio


async def first_answer(host: str, port: int, question: bytes, *, tls: bool = False) -> bytes:
    """Give the answer's first bytes, or none when nobody is there; the caller bounds the time."""
    try:
        reader, writer = await asyncio.open_connection(host, port, ssl=tls or None)
    except OSError:
        return b""
    try:
        writer.write(question)
        return await reader.read(16)
    except OSError:
        return b""
    finally:
        writer.close()
