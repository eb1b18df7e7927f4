"""Weights -> integers, as few different ones as the logit can bear: what the reader downloads is their entropy.

Steps (scales) are chosen per row so that every byte buys the same: wide where the logit hardly depends on the row. Then
GPTQ (Frantar et al., ICLR 2023) rounds one input after the other, and makes the inputs that are still to come answer for
the error so far.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from calibrate import Measured, linears
from split_cross_encoder import SplitCrossEncoder

# In theory 1/2 is best: bytes are then spent where they take most error away. But sensitivities are only estimated.
SENSITIVITY_POWER = 0.35
DAMPING = 0.03  # of the inputs' mean square, against directions that the calibration pairs happen not to have
MOST_FREQUENT = 300  # rows of the vocabulary that share the finest step; the first of them are punctuation
BLOCK = 128

# Integers (float32) and scales [rows, 1] of a matrix [rows, columns].
Rounded = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Coarseness:
    """How far apart the values of rounded weights lie."""

    matmuls: float  # step of a row of mean sensitivity, in the weights' own unit
    words: float  # step of the rarest piece's row, in deviations of that row
    word_power: float  # the step of a piece is by rank ** this finer; 0: all alike
    greatest: int = 31  # integer of a matmul; the kernels are faster up to 31
    greatest_word: int = 127


def round_model(model: SplitCrossEncoder, measured: Measured, coarseness: Coarseness) -> dict[str, Rounded]:
    """Integers of all matmuls, by the path of their layer, and of the embedding tables, by their parameter's name."""
    rows = torch.cat([value.flatten() for value in measured.outputs.values()])
    typical = rows.clamp(min=1e-12).log().mean().exp()
    rounded = {}
    with torch.inference_mode():
        for name, layer in linears(model):
            weight = layer.weight
            sensitivity = (measured.outputs[name][:, None] / typical).clamp(min=1e-6)
            scale = coarseness.matmuls * sensitivity**-SENSITIVITY_POWER
            # At least the step that the greatest integer demands, and never so wide that nothing is left of the row.
            largest = weight.abs().amax(1, keepdim=True)
            scale = scale.minimum(largest / 1.5).maximum(largest / coarseness.greatest)
            rounded[name] = gptq(weight, scale, coarseness.greatest, measured.inputs[name]), scale
        scale = word_scales(model, coarseness)
        rounded["word.weight"] = gptq(model.word.weight, scale, coarseness.greatest_word, measured.words), scale
        positions = model.pos.weight
        scale = positions.abs().amax(1, keepdim=True) / coarseness.greatest
        rounded["pos.weight"] = (positions / scale).round(), scale
    return rounded


def word_scales(model: SplitCrossEncoder, coarseness: Coarseness) -> Tensor:
    """Steps that are finer for frequent pieces: BERT's vocabulary is sorted, from frequent to rare."""
    words = model.word.weight
    # A layer norm follows: an error counts against the deviation of what enters there.
    deviation = (words + model.segment + model.pos.weight[:64].mean(0)).std(1, keepdim=True)
    rank = torch.arange(len(words))[:, None].clamp(min=MOST_FREQUENT) / len(words)
    scale = coarseness.words * rank**coarseness.word_power * deviation
    return scale.maximum(words.abs().amax(1, keepdim=True) / coarseness.greatest_word)


def gptq(weight: Tensor, scale: Tensor, greatest: int, inputs: Tensor) -> Tensor:
    """Integers q [out, in] in -greatest..greatest for which scale * q does to the inputs what `weight` does.

    `inputs` [in, in]: mean of x xᵀ, or of whatever the error of a row is measured with.
    """
    order = inputs.diagonal().argsort(descending=True)  # the inputs that matter most have the most others to lean on
    weight, hessian = weight[:, order].clone(), inputs[order][:, order].double()
    hessian += DAMPING * hessian.diagonal().mean() * torch.eye(len(hessian))
    # Row i: how the inputs after i make up for an error at i, all before i being fixed.
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(hessian))
    answer = torch.linalg.cholesky(inverse, upper=True).float()
    rounded = torch.empty_like(weight)
    for start in range(0, weight.shape[1], BLOCK):
        end = min(start + BLOCK, weight.shape[1])
        errors = torch.empty(len(weight), end - start)
        for i in range(start, end):
            rounded[:, i] = (weight[:, i] / scale[:, 0]).round().clamp(-greatest, greatest)
            error = (weight[:, i] - rounded[:, i] * scale[:, 0]) / answer[i, i]
            weight[:, i:end] -= error[:, None] * answer[i, i:end]
            errors[:, i - start] = error
        weight[:, end:] -= errors @ answer[start:end, end:]
    return rounded[:, order.argsort()]
