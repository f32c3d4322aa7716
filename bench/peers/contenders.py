"""What is compared: the cases, and the commands that run one slice of a case in each system."""
import dataclasses
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Case:
    """A network; every system trains the same one."""

    net: str
    batch_norm: bool = False
    dropout: bool = False

    @property
    def name(self):
        extras = [word for word, there in (("batch norm", self.batch_norm),
                                           ("dropout", self.dropout)) if there]
        return ", ".join([self.net, *extras])


CASES = [
    Case("all_cnn_c"),
    Case("all_cnn_c", dropout=True),
    Case("all_cnn_c", batch_norm=True),
    Case("vgg_mini"),
    Case("vgg_mini", batch_norm=True),
    Case("lenet5"),
]
PRECISIONS = ("fp32", "bf16")


@dataclasses.dataclass(frozen=True)
class Contender:
    """One column of the table. A slice is measured in the fastest of the variants, each of which is
    a list of arguments to add to the command."""

    name: str
    command: tuple
    variants: tuple = ((),)

    def arguments(self, variant, seconds):
        return [*self.command, *variant, "--seconds", str(seconds)]


def weir_overrides(case, precision, options):
    """Settings that turn the configuration configs/NET.yaml into the network of the case."""
    values = {
        "train.precision": precision,
        "data.batch_size": options.batch,
        "model.batch_norm": "true" if case.batch_norm else "false",
        "model.input_dropout": 0.2 if case.dropout else 0,
        "model.dropout": 0.5 if case.dropout else 0,
    }
    if case.net == "vgg_mini":
        values["model.head"] = "dense"
        values["model.head_width"] = 256
    return [f"{key}={value}" for key, value in values.items()]


def weir(case, precision, options):
    config = ROOT / "configs" / f"{case.net}.yaml"
    return [Contender("Weir", (options.weir, "bench", str(config), "--json",
                               *weir_overrides(case, precision, options)))]


def common_arguments(case, precision, options):
    return (case.net, "--precision", precision, "--batch", str(options.batch),
            "--threads", str(options.threads))


def pytorch(case, precision, options):
    script = str(Path(__file__).with_name("pytorch_step.py"))
    extras = [flag for flag, there in (("--batch-norm", case.batch_norm),
                                       ("--dropout", case.dropout)) if there]
    layouts = (("--layout", "channels_last"), ("--layout", "contiguous"))
    command = (options.python, script, *common_arguments(case, precision, options), *extras)
    return [Contender("PyTorch", command, layouts)]


def onednn(case, precision, options):
    """Without batch norm and dropout, which the oneDNN step does not have."""
    if case.batch_norm or case.dropout:
        return []
    command = (options.onednn, *common_arguments(case, precision, options))
    layouts = (("--layout", "channels_last"), ("--layout", "any"))
    contenders = [Contender("oneDNN direct", command, layouts)]
    if precision == "fp32" and case.net != "lenet5":  # LeNet-5 has no 3x3 convolution
        algorithms = (("--algorithm", "winograd"), ("--algorithm", "auto"))
        contenders.append(Contender("oneDNN Winograd", command, algorithms))
    return contenders


def contenders_of(case, precision, options):
    """Those whose programs the options name; Weir comes first."""
    makers = ((options.weir, weir), (options.python, pytorch), (options.onednn, onednn))
    return [contender for program, maker in makers if program
            for contender in maker(case, precision, options)]


def environment(options):
    """Every thread on a core of its own."""
    pinned = {"OMP_NUM_THREADS": str(options.threads), "OMP_PROC_BIND": "close",
              "OMP_PLACES": "cores", "WEIR_THREADS": str(options.threads)}
    pages = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"} if options.huge_pages else {}
    return {**os.environ, **pinned, **pages}
