"""Homeroom in a container of the image that bin/image has built, as the image's own user and with only what it
holds."""

import os
import subprocess

import pytest

from tests.deployed.school import School

IMAGE = os.environ.get("HOMEROOM_IMAGE", "")
needs_the_image = pytest.mark.skipif(not IMAGE, reason="bin/image builds the image, and then runs this.")


class Container(School):
    """buildah runs each command on this machine's network. What an engine adds from docker-compose.yml is left out."""

    def of_the_image(self, folder):
        made = ["buildah", "from", "--pull=never", IMAGE]
        self.name = subprocess.run(made, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        self.temporary = {"TMPDIR": str(folder)}  # a killed process leaves something in it
        return {}

    def placed(self, command):
        known = [f"--env={name}={value}" for name, value in self.environ.items()]
        return {
            "args": ["buildah", "run", *known, self.name, "--", *command],
            "env": os.environ | self.temporary,
        }

    def stop(self, name):
        """buildah passes no signal on to the command."""
        self.kill(name)
