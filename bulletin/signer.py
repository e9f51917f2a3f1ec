"""Who signs: a station's certificate and its key, looked at before they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bulletin.errors import SigningError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
    from cryptography.x509 import Certificate, ExtensionType

CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
SHORTEST = 2048
"""Bits of an RSA key; as the curves, C2PA 2.4 §14.5.1.1."""
PURPOSES = {
    "1.3.6.1.4.1.62558.2.1": "c2pa-kp-claimSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.36": "documentSigning",
}
"""Extended key usages of one who signs claims, C2PA 2.4 §14.4.1. Unless it is told, c2pa takes the second alone."""
PROFILE = (
    "C2PA asks for a certificate from an authority, for an end entity, with keyUsage digitalSignature and "
    f"extendedKeyUsage {' or '.join(PURPOSES.values())}. Or leave the signing off."
)
Kind = TypeVar("Kind", bound="ExtensionType")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """What a station signs with."""

    name: str
    """Whose certificate it is."""
    until: datetime
    """When the first certificate of the chain runs out, and what it signed with it, unless it has a time-stamp (C2PA 2.4 §15.8.2)."""
    algorithm: str
    """As C2PA names it: es256, ps256, ed25519..."""
    chain: bytes = field(repr=False)
    """PEM: the signer's certificate, then those that lead to its authority, which itself is left out (C2PA 2.4 §14.5)."""
    key: bytes = field(repr=False)
    """PEM, PKCS #8, open."""


def papers(certificate: Path, key: Path) -> Signer:
    """A station's certificate, with those that lead to its authority, in any order, and its key; both PEM. Raises SigningError."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private, found = private_key(key), certificates(certificate)
    own = next((each for each in found if each.public_key() == private.public_key()), None)
    if own is None:
        raise SigningError(f"The key in {key} does not match the certificate in {certificate}.", "Give the two that belong together.")
    path = chain(own, found)
    for each in path:
        current(each, certificate)
    if wrong := flaws(own):
        raise SigningError(f"The certificate of “{owner(own)}” in {certificate} cannot sign: {'; '.join(wrong)}.", PROFILE)
    return Signer(
        name=owner(own),
        until=min(each.not_valid_after_utc for each in path),
        algorithm=algorithm(own.public_key(), certificate),
        chain=pem(path),
        key=private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def private_key(path: Path) -> PrivateKeyTypes:
    """A key from a PEM file. Raises SigningError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise SigningError(f"Cannot read the key {path}: {error.strerror or error}.", "Give the file that the key is in.") from error
    except TypeError as error:
        hint = "openssl pkcs8 -topk8 -nocrypt -in KEY -out OPEN.pem, and let nobody but bulletin read it."
        raise SigningError(f"The key {path} is locked with a password.", hint) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(f"{path} is no private key in PEM.", "It begins with -----BEGIN PRIVATE KEY-----") from error


def certificates(path: Path) -> list[Certificate]:
    """Those of a PEM file. Raises SigningError."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        found: list[Certificate] = load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        message = f"Cannot read the certificate {path}: {error.strerror or error}."
        raise SigningError(message, "Give the file that the certificate is in.") from error
    except ValueError as error:
        hint = f"It begins with -----BEGIN CERTIFICATE-----; if it is DER: openssl x509 -inform DER -in {path.name} -out station.pem"
        raise SigningError(f"{path} is no certificate in PEM.", hint) from error
    return found


def pem(certificates: Sequence[Certificate]) -> bytes:
    """The same as the text of a file."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def chain(own: Certificate, found: Sequence[Certificate]) -> list[Certificate]:
    """A certificate, then each time the one that vouches for it, up to but without one that vouches for itself."""
    path = [own]
    while above := next((each for each in found if each.subject == path[-1].issuer != each.issuer and each not in path), None):
        path.append(above)
    return path


def current(certificate: Certificate, path: Path) -> None:
    """Raise SigningError for one that has run out, or does not hold yet."""
    now, first, last = datetime.now(UTC), certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if last < now:
        raise SigningError(
            f"The certificate of “{owner(certificate)}” in {path} ran out on {last:%Y-%m-%d}.", "Ask its authority for a new one."
        )
    if first > now:
        message = f"The certificate of “{owner(certificate)}” in {path} does not hold before {first:%Y-%m-%d %H:%M} UTC."
        raise SigningError(message, "Wait, or set the clock of this computer.")


def flaws(certificate: Certificate) -> list[str]:
    """Where it does not meet C2PA 2.4 §14.5.1.1: c2pa would only say that it is invalid."""
    from cryptography import x509

    usage, purposes = extension(certificate, x509.KeyUsage), extension(certificate, x509.ExtendedKeyUsage)
    constraints = extension(certificate, x509.BasicConstraints)
    wrong = {
        "it vouches for itself": certificate.subject == certificate.issuer,
        "it is an authority's own": constraints is not None and constraints.ca,
        "its keyUsage is not digitalSignature": usage is None or not usage.digital_signature,
        "its extendedKeyUsage is for other things": not {each.dotted_string for each in purposes or ()} & PURPOSES.keys(),
        "it does not name its authority's key": extension(certificate, x509.AuthorityKeyIdentifier) is None,
    }
    return [words for words, so in wrong.items() if so]


def extension(certificate: Certificate, kind: type[Kind]) -> Kind | None:
    """One of its extensions, where it has it."""
    from cryptography.x509 import ExtensionNotFound

    try:
        found: Kind = certificate.extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None
    return found


def owner(certificate: Certificate) -> str:
    """Whose it is: the common name, or the organisation."""
    from cryptography.x509.oid import NameOID

    subject = certificate.subject
    names = [*subject.get_attributes_for_oid(NameOID.COMMON_NAME), *subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    return str(names[0].value) if names else subject.rfc4514_string()


def algorithm(key: PublicKeyTypes, path: Path) -> str:
    """How C2PA signs with a key of this kind. Raises SigningError for one that it does not take."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return CURVES[key.curve.name]
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SHORTEST:
        return "ps256"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519"
    raise SigningError(
        f"C2PA does not sign with a key of the kind in {path}.", f"Use {', '.join(CURVES)}, RSA of {SHORTEST} bits or Ed25519."
    )
