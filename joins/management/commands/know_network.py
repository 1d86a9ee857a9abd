from django.core.management.base import BaseCommand

from joins import networks
from joins.models import KnownNetwork


class Command(BaseCommand):
    help = "For 30 days a school's network is not held up while Codes are guessed elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("address", help="any address of it; of IPv6 its /64 is meant")

    def handle(self, *, address, **options):
        network, _ = networks.of(address)
        KnownNetwork.objects.joined_from(network)
        self.stdout.write(f"{network} is known for 30 days.")
