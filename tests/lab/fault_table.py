"""All faults as they are met end to end: who sees them, and in which sentence."""

from tests.lab.disturbances import (
    AIR,
    ATTRIBUTE,
    CDU,
    LIQUID,
    PDU,
    cooled_goes_off,
    goes_off,
    older_firmware,
    other_bios,
    other_set_point,
    outlet_off,
    switch_off,
)
from tests.lab.fault_case import Case, silent, stranger
from tests.lab.operator import DRIFT, UP, VERIFY

IS_OFF = {
    VERIFY: (1, "^the node is powered on: On is expected, but it is Off"),
    DRIFT: (7, "^the node's power state is as declared: On is expected, but it is Off"),
}
UNTIL = r"; waits since \d\d:\d\d:\d\d, until \d\d:\d\d:\d\d at the latest \(\d+ s\)$"
DEAF = rf"^su1-n1: On is accepted and not acted upon: power_state is Off{UNTIL}"
NO_ANSWER = r"cannot be reached \(Connection refused\); check its power, its management link"
UNTRUSTED = r"its certificate is not trusted .*only one that the site's CA has signed"
OLD_TLS = r"it speaks no TLS that is new enough .*update its firmware"
SLOW = r"no answer before the deadline; check its power, its management link and its address"
BUSY = r"refused with status 503: The service is temporarily unavailable\. Retry in 1 seconds"
BROKEN = r"refused with status 500: The request failed due to an internal service error"

CASES = (
    Case(
        fault="bmc-unreachable",
        subject=AIR,
        seen=silent(NO_ANSWER, r"shows no certificate \(Connection refused\); check its power"),
        holds_up=frozenset({AIR, f"{AIR}-platform"}),
    ),
    Case(fault="bmc-slow", subject=AIR, seen=silent(SLOW)),
    Case(fault="connection-dropped", subject=AIR),
    Case(
        fault="foreign-certificate",
        subject=LIQUID,
        seen=stranger(UNTRUSTED, "is of CN=CA of another site.*no password was sent; check the"),
    ),
    Case(
        fault="tls-too-old",
        subject=AIR,
        seen=stranger(OLD_TLS, r"shows no certificate over TLS 1\.2 or newer.*update its firm"),
    ),
    Case(fault="session-expired", subject=AIR),
    Case(fault="busy", subject="su1-n2-hgx", seen=silent(BUSY)),
    Case(
        fault="resource-error",
        subject=PDU,
        # Where its cords go cannot be proven either.
        suffers=AIR,
        seen=silent(rf"RackPDUs/1/Outlets\S*: {BROKEN}"),
        holds_up=frozenset({AIR}),
    ),
    Case(
        fault="attribute-ignored",
        subject=AIR,
        before=other_bios,
        seen={
            DRIFT: (7, f"^BIOS attribute {ATTRIBUTE} is as declared: Enabled is expected, but it"),
            UP: (1, f"BIOS attribute {ATTRIBUTE}: the BMC accepted the value and did not stage"),
        },
    ),
    Case(
        fault="attribute-ignored",
        subject=CDU,
        before=other_set_point,
        suffers="tcs1",
        seen={
            DRIFT: (7, r"^the set point of the supply temperature, °C, is as declared: 32\.0 is"),
            VERIFY: (1, r"^the measured supply temperature is near its set point: .* 27 °C"),
            UP: (1, r"supply_temperature_c is 27\.0, but must be 32\.0: did not take within 60 s"),
        },
    ),
    Case(
        fault="task-fails",
        subject=LIQUID,
        before=switch_off,
        seen={**IS_OFF, UP: (1, r"ended as Exception: .*the operation failed at 80 %\.\)")},
    ),
    Case(
        fault="power-state-lies",
        subject=AIR,
        seen={
            **IS_OFF,
            UP: (1, "accepted On twice .*is still Off, but its boot progress is OSRunning, so one"),
        },
        waits=DEAF,
    ),
    Case(
        fault="reset-ignored",
        subject=AIR,
        before=switch_off,
        seen={
            **IS_OFF,
            UP: (1, "accepted On twice and not acted within 60 s each: its power state is still O"),
        },
        waits=DEAF,
    ),
    Case(
        fault="task-endless",
        subject=AIR,
        before=switch_off,
        seen={
            **IS_OFF,
            UP: (
                1,
                r"accepted On \d+ s ago and not acted: task \S+ is Running at 40 %, and its pow",
            ),
        },
        waits=rf"^su1-n1: task \S+ is Running at 40 %{UNTIL}",
    ),
    Case(
        fault="firmware-reverts",
        subject=AIR,
        before=older_firmware,
        seen={
            DRIFT: (
                7,
                r"^firmware of BIOS is that of the baseline: 1\.0\.0 is expected, but it is",
            ),
            UP: (1, r"did not stay: 0\.9\.0 runs again"),
        },
    ),
    Case(
        fault="wrong-serial",
        subject=AIR,
        seen={
            VERIFY: (1, "EMU-SU1-N1 is expected, but it is EMU-STRANGER; another server stands"),
            DRIFT: (7, "EMU-SU1-N1 is expected, but it is EMU-STRANGER; another server stands"),
            UP: (
                1,
                "its serial number is EMU-STRANGER, but EMU-SU1-N1 is expected: nothing is set",
            ),
        },
    ),
    Case(
        fault="nodes-swapped",
        subject=AIR,
        suffers="su1-n2",
        seen={
            VERIFY: (1, "su1-n1 and su1-n2 stand in each other's place: exchange them"),
            DRIFT: (7, "EMU-SU1-N1 is expected, but it is EMU-SU1-N2; another server stands"),
            UP: (1, "its serial number is EMU-SU1-N2, but EMU-SU1-N1 is expected: nothing is set"),
        },
    ),
    Case(
        fault="nic-missing",
        subject=AIR,
        seen={VERIFY: (1, r"^network adapter .*\(not found\); reseat or replace the adapter")},
    ),
    Case(
        fault="gpu-missing",
        subject=AIR,
        seen={VERIFY: (1, "^the BMC finds every GPU: 8 is expected, but it is 7; look into")},
    ),
    Case(
        fault="node-leak",
        subject=LIQUID,
        after=goes_off,
        seen={
            **IS_OFF,
            VERIFY: (1, "^no detector of the node reports a leak: .* Manifold: Critical"),
            UP: (1, "leak detector Manifold sees a leak: it is not switched on; find the leak"),
        },
    ),
    Case(
        fault="pump-lost",
        subject=CDU,
        seen={
            VERIFY: (1, "^2 pumps of the CDU work, one more than it needs: .* pump 1 is Critical")
        },
    ),
    Case(
        fault="pumps-lost",
        subject=CDU,
        after=cooled_goes_off,
        suffers=LIQUID,
        seen={
            VERIFY: (1, "pumps of the CDU work"),
            DRIFT: (7, "^the node's power state is as declared: On is expected, but it is Off"),
            UP: (
                1,
                r"^bmc/su1-n2 .*: no coolant flows to it \(loop tcs1: cdu/cdu1 .*: 0 of its pumps "
                r"work, and it needs 1, .*\): it is not switched on",
            ),
        },
    ),
    Case(
        fault="leak",
        subject=CDU,
        after=cooled_goes_off,
        suffers=f"{LIQUID}|tcs1",
        seen={
            VERIFY: (1, "^no detector of the CDU reports a leak: .*Tray: Critical; find the leak"),
            DRIFT: (7, "^the CDU is enabled as declared: .*Disabled; find the leak and close it"),
            UP: (1, "^unit is Disabled, planned Enabled: find the leak and close it first"),
        },
    ),
    Case(
        fault="supply-warm",
        subject=CDU,
        seen={VERIFY: (1, "^the measured supply temperature is near its set point: .*is 50 °C")},
    ),
    Case(
        fault="filter-clogged",
        subject=CDU,
        seen={VERIFY: (1, "^no filter of the CDU is clogged: .*filter 1: Critical; clean or rep")},
    ),
    Case(
        fault="outlet-stuck",
        subject=PDU,
        before=outlet_off,
        suffers=AIR,
        seen={
            VERIFY: (
                1,
                "^every outlet in use is on: outlet 1: On is expected, but it is outlet 1: O",
            ),
            DRIFT: (7, "^outlet 1 is as declared: On is expected, but it is Off"),
            UP: (1, r"outlets\.1 is Off, but must be On: did not take within \d+ s"),
        },
    ),
    Case(
        fault="feed-lost",
        subject="A",
        suffers="r[12]-pdu-a|su1-n[12]",
        seen={
            VERIFY: (1, "^every power supply has its line input: .*LossOfInput"),
            DRIFT: (7, "^outlet 1 is as declared: On is expected, but it is Off"),
            UP: (1, r"outlets\.1 is Off, but must be On"),
        },
    ),
    Case(
        fault="metering-nonsense",
        subject=PDU,
        suffers=AIR,
        seen={VERIFY: (1, "^what the PDU measures can be: .*input: -")},
    ),
    Case(
        fault="power-supply-failed",
        subject=AIR,
        seen={VERIFY: (1, "PSU0")},
    ),
    Case(
        fault="cords-swapped",
        subject=AIR,
        seen={VERIFY: (1, "^every power supply draws from its planned outlet: .*PSU0 from r1-pdu")},
    ),
)
# What the others see is in the table, too, when these happen all at once.
STORM = tuple(
    case
    for case in CASES
    if (case.fault, case.subject)
    in {
        ("task-fails", LIQUID),
        ("attribute-ignored", AIR),
        ("gpu-missing", AIR),
        ("busy", "su1-n2-hgx"),
        ("metering-nonsense", PDU),
        ("pump-lost", CDU),
    }
)
