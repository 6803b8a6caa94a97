"""What wants an operator's attention, gathered while a command looks."""

from dataclasses import dataclass, field

from rishta_cli.saying import say


@dataclass
class Attention:
    """`wants` are lines that each say what is wrong and what to do."""

    wants: list[str] = field(default_factory=list)

    def want(self, line: str) -> None:
        self.wants.append(line)

    def tell(self) -> int:
        """Prints the last line, or the last lines, of a command; its exit code: 1 where anything is wanted."""
        if not self.wants:
            say("All is well.", style="green")
            return 0
        say(
            f"{len(self.wants)} want attention:" if len(self.wants) > 1 else "One thing wants attention:",
            style="red",
        )
        for line in self.wants:
            say(f"  {line}")
        return 1
