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


def load(mock: object, parameters: dict[str, str]) -> None:
    mock.AddMethod(OBJECT_MANAGER_IFACE, "GetManagedObjects", "", "a{oa{sa{sv}}}", MANAGED)  # type: ignore[attr-defined]
    mock.AddObject(  # type: ignore[attr-defined]
        MODEM,
        MODEM_IFACE,
        {"State": dbus.Int32(8), "Model": "Stick", "EquipmentIdentifier": "1"},
        [],
    )
    modem = mockobject.objects[MODEM]
    modem.sent_sms = []
    modem.template_parameters = parameters
    modem.AddProperties(MESSAGING, {"Messages": dbus.Array([], signature="o")})
    modem.AddMethods(MESSAGING, [("Create", "a{sv}", "o", CREATE), ("List", "", "ao", LIST)])
