"""Everything that the team's screen shows: who is on the team, who shall be, which keys can be used."""

from typing import ClassVar

from seccon.core.admission import rotation
from seccon.core.case import last
from seccon.core.ids import TEAM_FILE
from seccon.core.team_view import TeamView, keys_of, team_lines
from seccon.desk.office import Office
from seccon.desk.request import Request
from seccon.desk.roster import admission_rules, roster_of, team_file


class ReadTeam(Request, frozen=True, kw_only=True):
    """Ask for the team. It looks at keys, so it is not carried out before others."""

    beside: ClassVar[bool] = True

    def perform(self, office: Office) -> TeamView:
        """Gather; nothing is decided. Raises LedgerError, CryptoError."""
        seen = last(office.ledger.entries(TEAM_FILE))
        team, roster, rules = team_file(office), roster_of(office), admission_rules(office)
        keys = {one: office.keyring.key(one) for one in keys_of(roster, office.identities)}
        lines = team_lines(team, roster, office.identities, keys, office.clock(), rules)
        return TeamView(seen, lines, rotation(rules), office.person)
