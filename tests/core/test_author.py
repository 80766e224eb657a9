"""What is left of a subject once its answers, forwards and lists are taken off."""

import pytest

from seccon.core.author import base_subject


@pytest.mark.parametrize(
    "subject",
    [
        "virtio-net: overflow",
        "Re: virtio-net: overflow",
        "Re: [security] Re: Fwd: virtio-net: overflow",
        "AW: WG: [ext] [security] virtio-net:  Overflow",
        "re[2]: [a][b] VIRTIO-NET: overflow",
    ],
)
def test_every_prefix_comes_off_however_many_there_are(subject: str) -> None:
    assert base_subject(subject) == "virtio-net: overflow"


def test_what_is_no_prefix_stays() -> None:
    assert base_subject("Regarding [x]: release") == "regarding [x]: release"
