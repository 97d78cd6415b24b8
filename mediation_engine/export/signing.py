"""Signatures under checkpoints: Ed25519, by a key that lies outside the database."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


def new_key() -> bytes:
    """A new private key, as it is kept in a file (PEM, PKCS 8)."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_key(pem: bytes) -> Ed25519PrivateKey:
    """The key in such a file; ValueError where it is none."""
    key = load_pem_private_key(pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("another kind of key")
    return key


def public_half(key: Ed25519PrivateKey) -> str:
    """What signatures by a key are checked with, in hex: anybody may have it."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def signature(key: Ed25519PrivateKey, content: bytes) -> str:
    """A signature, in hex."""
    return key.sign(content).hex()


def is_signed(public: str, content: bytes, signature: str) -> bool:
    """Whether a signature is one under this content by the key of a public half."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True
