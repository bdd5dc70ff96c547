"""Google's Tink over the keysets and ciphertexts of sensitive metadata.

Usage: tink_judge.py open SECRET KEYSET CIPHERTEXT   prints the plain text
       tink_judge.py seal SECRET PLAIN               prints a keyset and a ciphertext, a line each

Keysets are Tink's EncryptedKeyset under a key that follows from the secret by HKDF; they and the
ciphertexts are in Base64.
"""

import base64
import json
import sys

import tink
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tink import aead, json_proto_keyset_format, proto_keyset_format, secret_key_access


def wrapping(secret):
    """The AEAD that wraps keysets: AES-128-GCM of Tink's, without a prefix."""
    key = HKDF(algorithm=SHA256(), length=16, salt=None, info=b"").derive(secret.encode())
    # AesGcmKey: field 3, sixteen bytes.
    value = base64.b64encode(b"\x1a\x10" + key).decode()
    keyset = {
        "primaryKeyId": 1,
        "key": [
            {
                "keyData": {
                    "typeUrl": "type.googleapis.com/google.crypto.tink.AesGcmKey",
                    "value": value,
                    "keyMaterialType": "SYMMETRIC",
                },
                "status": "ENABLED",
                "keyId": 1,
                "outputPrefixType": "RAW",
            }
        ],
    }
    handle = json_proto_keyset_format.parse(json.dumps(keyset), secret_key_access.TOKEN)
    return handle.primitive(aead.Aead)


def open_(secret, keyset, ciphertext):
    wrapped = base64.b64decode(keyset, validate=True)
    handle = proto_keyset_format.parse_encrypted(wrapped, wrapping(secret), b"")
    info = handle.keyset_info()
    assert [key.type_url for key in info.key_info] == [
        "type.googleapis.com/google.crypto.tink.AesGcmKey"
    ], info
    primitive = handle.primitive(aead.Aead)
    print(primitive.decrypt(base64.b64decode(ciphertext, validate=True), b"").decode())


def seal(secret, plain):
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES128_GCM)
    wrapped = proto_keyset_format.serialize_encrypted(handle, wrapping(secret), b"")
    print(base64.b64encode(wrapped).decode())
    sealed = handle.primitive(aead.Aead).encrypt(plain.encode(), b"")
    print(base64.b64encode(sealed).decode())


if __name__ == "__main__":
    aead.register()
    {"open": open_, "seal": seal}[sys.argv[1]](*sys.argv[2:])
