"""The actions of budget's people on contracts and payments, with the facts of the routes."""

from services.budget.domain.allocation.addenda import AmendContract, RecordDelivery
from services.budget.domain.allocation.commitments import (
    CloseContract,
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.contract import Contract, Payment
from services.budget.domain.allocation.payments import DisbursePayment, OrderPayment
from services.budget.domain.allocation.reservations import (
    AttendanceFacts,
    ReleaseReservation,
    RestoreReservation,
    release_reservation,
    restore_reservation,
)
from services.budget.domain.allocation.reversals import (
    RetractDelivery,
    ReturnPayment,
    VoidPaymentOrder,
)
from shared.contracts.budget.reasons import (
    ClosureCode,
    PaymentReturnCode,
    ReleaseCode,
    RetractionCode,
    VoidCode,
)
from shared.contracts.calendar import jakarta_date
from tests.journey.participants import Participants


class Payers(Participants):
    """The persons who contract, order, pay, and take it back."""

    def contract(self, ex: str) -> bool:
        """Contract a reserved place, for its reservation or for less."""
        allocation = self.world.state("allocation", ex)
        mirror = self.world.mirror("budget", "round", ex)
        if allocation is None or not allocation.reserved:
            return False
        places = tuple(allocation.reserved)[:1]
        reserved_idr = sum(allocation.reserved[place] for place in places)
        command = ContractCommitment(
            contract=f"contract-{len(allocation.contracts)}",
            signed_on=jakarta_date(self.world.now),
            applications=places,
            amount_idr=self.dice.choice((reserved_idr, max(1, reserved_idr - 4))),
        )
        facts = CommitmentFacts(
            annex=mirror.annex if mirror else None,
            decreed_on=mirror.decreed_on if mirror else None,
        )
        return self.world.do("allocation", ex, command, facts, rule=contract_commitment)

    def change_contract(self, ex: str) -> bool:
        """Amend a contract a little, or close it."""
        contract, today = self._contract(ex), jakarta_date(self.world.now)
        if contract is None:
            return False
        amount_idr = max(1, contract.amount_idr + self.dice.choice((-4, -1, 1, 4)))
        addendum = f"addendum-{len(contract.addenda)} of {contract.number}"
        amend = AmendContract(
            contract=contract.number, addendum=addendum, signed_on=today, amount_idr=amount_idr
        )
        close = CloseContract(contract=contract.number, code=ClosureCode.OTHER, reason="closed")
        command = self.dice.choice((amend, close))
        return self.world.do("allocation", ex, command, actor="second officer")

    def pay(self, ex: str) -> bool:
        """Order a payment of a part of a contract, deliver it, or disburse a payment."""
        contract, today = self._contract(ex), jakarta_date(self.world.now)
        if contract is None:
            return False
        number, payment = contract.number, self._payment(contract)
        count = len(contract.payments)
        amount_idr = self.dice.choice((2, max(1, contract.amount_idr)))
        order = OrderPayment(
            contract=number, spm=f"{number}/{count}", ordered_on=today, amount_idr=amount_idr
        )
        deliver = RecordDelivery(
            contract=number, document_number=f"{number}/{count}", delivered_on=today
        )
        self.world.do("allocation", ex, self.dice.choice((order, deliver)), actor="orderer")
        if payment is None:
            return False
        sp2d = f"{payment.spm}/{len(payment.returned)}"
        disburse = DisbursePayment(contract=number, spm=payment.spm, sp2d=sp2d, paid_on=today)
        return self.world.do("allocation", ex, disburse, actor="payer")

    def take_back(self, ex: str) -> bool:
        """Void an order, let its payment come back, or retract a delivery."""
        contract = self._contract(ex)
        if contract is not None and contract.deliveries and self.dice.random() < 0.2:
            return self._retract(ex, contract)
        payment = self._payment(contract) if contract else None
        if contract is None or payment is None:
            return False
        command: VoidPaymentOrder | ReturnPayment = VoidPaymentOrder(
            contract=contract.number, spm=payment.spm, code=VoidCode.OTHER, reason="void"
        )
        if payment.sp2d:
            command = ReturnPayment(
                contract=contract.number,
                spm=payment.spm,
                sp2d=payment.sp2d,
                return_number=f"{payment.spm}/{len(payment.returns)}",
                returned_on=jakarta_date(self.world.now),
                code=PaymentReturnCode.OTHER,
                reason="sent back",
            )
        actor = "third payer" if payment.sp2d else "fourth payer"
        return self.world.do("allocation", ex, command, actor=actor)

    def _retract(self, ex: str, contract: Contract) -> bool:
        delivery = self.dice.choice(list(contract.deliveries.values()))
        command = RetractDelivery(
            contract=contract.number,
            document_number=delivery.number,
            code=RetractionCode.OTHER,
            reason="of another",
        )
        return self.world.do("allocation", ex, command, actor="second orderer")

    def release(self, ex: str) -> bool:
        """Release the reservation of a participant that came, or restore it."""
        allocation = self.world.state("allocation", ex)
        places = [*allocation.reserved, *allocation.released] if allocation else []
        if not places:
            return False
        place = self.dice.choice(places)
        mirror = self.world.mirror("budget", "application", place)
        facts = AttendanceFacts(attended=mirror is not None and mirror.attended)
        if place in allocation.released:
            restore = RestoreReservation(application=place)
            return self.world.do(
                "allocation", ex, restore, facts, rule=restore_reservation, actor="second officer"
            )
        command = ReleaseReservation(application=place, code=ReleaseCode.OTHER, reason="less")
        return self.world.do("allocation", ex, command, facts, rule=release_reservation)

    def _contract(self, ex: str) -> Contract | None:
        allocation = self.world.state("allocation", ex)
        contracts = list(allocation.contracts.values()) if allocation else []
        return self.dice.choice(contracts) if contracts else None

    def _payment(self, contract: Contract) -> Payment | None:
        payments = list(contract.payments.values())
        return self.dice.choice(payments) if payments else None
