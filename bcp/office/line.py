"""OfficeLine: one line of bcp.yaml, what the office pays for it, and how it is switched to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bcp.yaml.keyed import OneKey
from bcp.yaml.types import Compensation, Day, Dialled, Id, Line, Model, Money, Phone, Text, YesNoUnknown

AnyWay = Annotated[Model, OneKey("bcp.lever.line.kinds", "way", "{nmcli: {connection: lte}}")]


class DataLeft(Model):
    """What was left of the mobile data when somebody looked."""

    gigabytes: float = Field(ge=0, examples=["41"], description="how many were left")
    seen: Day = Field(description="when that was looked up")


class Credit(Model):
    """What was left of the prepaid money when somebody looked."""

    amount: Money = Field(description="how much was left")
    seen: Day = Field(description="when that was looked up")


class OfficeLine(Model):
    """Something the office is reached by or works over: internet, phone, mobile, website."""

    line: Id = Field(examples=["internet"], description="a short name, unique in the office")
    title: Line | None = Field(default=None, description="what people call it")
    provider: Line | None = Field(default=None, examples=["Netia"], description="whose line it is")
    contract: Line | None = Field(default=None, description="contract or customer number")
    line_id: Line | None = Field(default=None, description="what the provider calls this line")
    support: Dialled | None = Field(default=None, description="the number for faults, not for sales")
    email: Line | None = Field(default=None, description="where the provider reads mail about faults")
    portal: Line | None = Field(default=None, description="the provider's website for customers")
    monthly_fee: Money | None = Field(default=None, description="what the contract costs a month")
    compensation: Compensation | None = Field(
        default=None, description="what the contract owes us for an outage", examples=["1/30 per day"]
    )
    protection_waived: YesNoUnknown = Field(
        default="unknown", description="whether we gave up the protection of small customers in this contract"
    )
    number: Phone | None = Field(default=None, description="the phone number of this line")
    url: Line | None = Field(default=None, description="the address of a website")
    check: Id | None = Field(default=None, description="the check that looks at it")
    way: AnyWay | None = Field(
        default=None,
        description="how the office is switched to it; none for the line that it usually works over",
        examples=["{nmcli: {connection: lte}}"],
    )
    sim_expires: Day | None = Field(
        default=None, description="until when the SIM card lives unless it is used"
    )
    data_left: DataLeft | None = Field(
        default=None, description="what was left of the mobile data when somebody looked"
    )
    credit: Credit | None = Field(
        default=None, description="what was left of the prepaid money when somebody looked"
    )
    note: Text | None = Field(default=None, description="what else is to be known")
