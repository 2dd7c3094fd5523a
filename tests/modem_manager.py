"""ModemManager with one modem, as a template of python3-dbusmock: mmcli talks to it as to the real one."""

import dbus
from dbusmock import OBJECT_MANAGER_IFACE, mockobject

BUS_NAME = "org.freedesktop.ModemManager1"
MAIN_OBJ = "/org/freedesktop/ModemManager1"
MAIN_IFACE = BUS_NAME
SYSTEM_BUS = True
IS_OBJECT_MANAGER = True

MODEM = f"{MAIN_OBJ}/Modem/0"
MODEM_IFACE = f"{BUS_NAME}.Modem"
MESSAGING = f"{BUS_NAME}.Modem.Messaging"
SMS_IFACE = f"{BUS_NAME}.Sms"

CREATE = """
path = "/org/freedesktop/ModemManager1/SMS/%d" % len(self.sent_sms)
self.sent_sms.append(path)
values = {"State": dbus.UInt32(3), "PduType": dbus.UInt32(2), "Number": args[0]["number"], "Text": args[0]["text"]}
refused = self.template_parameters.get("refuse", "")
send = "raise dbus.exceptions.DBusException('no network', name='org.freedesktop.ModemManager1.Error.Core.Failed')"
keep = "open(%r, 'a').write(%r + chr(10))" % (
    self.template_parameters["sent"], str(args[0]["number"]) + "\\t" + str(args[0]["text"]))
self.AddObject(path, "org.freedesktop.ModemManager1.Sms", values,
    [("Send", "", "", send if args[0]["number"] == refused else keep)])
known = dbus.Array([dbus.ObjectPath(each) for each in self.sent_sms], signature="o")
self.props["org.freedesktop.ModemManager1.Modem.Messaging"]["Messages"] = known
ret = dbus.ObjectPath(path)
"""
# Messages are no managed objects: only modems are.
MANAGED = "ret = {dbus.ObjectPath(path): one.props for path, one in objects.items() if '/Modem/' in path}"
LIST = "ret = dbus.Array([dbus.ObjectPath(path) for path in self.sent_sms], signature='o')"


def properties() -> dict[str, object]:
    """Everything else that mmcli prints of a modem; without it mmcli falls over."""
    text = dict.fromkeys(
        ["Device", "Physdev", "Plugin", "PrimaryPort", "Manufacturer", "Revision", "HardwareRevision",
         "DeviceIdentifier", "CarrierConfiguration", "CarrierConfigurationRevision"], "x",
    )  # fmt: skip
    numbers = dict.fromkeys(
        ["CurrentCapabilities", "PowerState", "AccessTechnologies", "SupportedIpFamilies", "MaxBearers",
         "MaxActiveBearers", "MaxActiveMultiplexedBearers", "PrimarySimSlot"], dbus.UInt32(1),
    )  # fmt: skip
    none = {
        name: dbus.Array([], signature=kind)
        for name, kind in {"SupportedCapabilities": "u", "SupportedBands": "u", "CurrentBands": "u", "Drivers": "s",
                           "OwnNumbers": "s", "SupportedModes": "(uu)", "Bearers": "o", "Ports": "(su)",
                           "SimSlots": "o"}.items()
    }  # fmt: skip
    return {
        **text, **numbers, **none,
        "StateFailedReason": dbus.UInt32(0),
        "UnlockRetries": dbus.Dictionary({}, signature="uu"),
        "SignalQuality": dbus.Struct((dbus.UInt32(50), True), signature="ub"),
        "CurrentModes": dbus.Struct((dbus.UInt32(8), dbus.UInt32(0)), signature="uu"),
        "Sim": dbus.ObjectPath("/"),
    }  # fmt: skip


def load(mock: object, parameters: dict[str, str]) -> None:
    mock.AddMethod(OBJECT_MANAGER_IFACE, "GetManagedObjects", "", "a{oa{sa{sv}}}", MANAGED)  # type: ignore[attr-defined]
    for number in range(int(parameters.get("modems", "1"))):
        lock = int(parameters.get("lock", "1"))  # 1: none, 2: the SIM's PIN, 4: its PUK (MMModemLock)
        state = dbus.Int32(8 if lock == 1 else 2)  # MMModemState: registered, or locked
        values = {"State": state, "UnlockRequired": dbus.UInt32(lock)}
        values |= {"Model": "Stick", "EquipmentIdentifier": str(number + 1), **properties()}
        mock.AddObject(MODEM.replace("/0", f"/{number}"), MODEM_IFACE, values, [])  # type: ignore[attr-defined]
    if MODEM not in mockobject.objects:
        return
    modem = mockobject.objects[MODEM]
    modem.sent_sms = []
    modem.template_parameters = parameters
    modem.AddProperties(MESSAGING, {"Messages": dbus.Array([], signature="o")})
    modem.AddMethods(MESSAGING, [("Create", "a{sv}", "o", CREATE), ("List", "", "ao", LIST)])
