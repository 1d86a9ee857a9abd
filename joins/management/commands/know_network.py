from ipaddress import ip_address

from django.core.management.base import BaseCommand, CommandError

from accounts.commands import not_empty
from joins import networks
from joins.models import KnownNetwork


class Command(BaseCommand):
    help = "For 30 days a school's network is not held up while Codes are guessed elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("address", type=not_empty, help="any address of it; of IPv6 its /64 is meant")

    def handle(self, *, address, **options):
        try:
            found = ip_address(address)
        except ValueError:
            raise CommandError(f"{address} is no address, such as 192.0.2.1 or 2001:db8::1.") from None
        if not networks.is_visitor_address(found):
            raise CommandError(
                f"{address} is no address from which a school's visitors come. The log has theirs."
            )
        network, _ = networks.of_address(str(found))
        KnownNetwork.objects.record(network)
        self.stdout.write(f"{network} is known for 30 days.")
