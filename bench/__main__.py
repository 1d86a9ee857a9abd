"""Measures Homeroom. The parts are compare, promises, growth and jobs. Without a part, all of them run.

Each part starts with a new, empty database.
"""

import argparse
import logging
import os
import signal
import sys
import time

import django

OPTIONS = {
    "--full": "the district for its 10 minutes, and 10 minutes of seeding",
    "--smoke": "a little of everything, in two minutes; writes nothing",
    "--dry": "print, and leave bench/README.md as it is",
}


def parse_arguments():
    parser = argparse.ArgumentParser("bin/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help="which parts")
    parser.add_argument("--acts", nargs="+", help="of compare, such as: join class queue; writes nothing")
    parser.add_argument(
        "--note", default="", help="a sentence beside the date, such as: The machine was busy."
    )
    for option, meaning in OPTIONS.items():
        parser.add_argument(option, action="store_true", help=meaning)
    return parser.parse_args()


def main(arguments):
    began = time.monotonic()
    for name in arguments.parts or parts.PARTS:
        print(f"── {name} ({time.monotonic() - began:.0f} s)", flush=True)
        school.make(os.environ["DATABASE_URL"])
        parts.run(name, arguments)
    print(f"{time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that web servers are stopped
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    logging.getLogger("homeroom.requests").setLevel(logging.WARNING)  # else each request is logged
    from bench import parts, school  # these import models, which need django.setup()

    main(parse_arguments())
