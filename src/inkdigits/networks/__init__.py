"""Networks: from images to logits. One file a network; `build("cnn")` makes a new one."""

from inkdigits.networks.convolutional_neural_network import ConvolutionalNeuralNetwork
from inkdigits.networks.multilayer_perceptron import MultilayerPerceptron
from inkdigits.networks.registry import build, find, names, register
from inkdigits.networks.softmax_regression import SoftmaxRegression

convolutional_neural_network = ConvolutionalNeuralNetwork
multilayer_perceptron = MultilayerPerceptron
softmax_regression = SoftmaxRegression

__all__ = [
    "ConvolutionalNeuralNetwork",
    "MultilayerPerceptron",
    "SoftmaxRegression",
    "build",
    "convolutional_neural_network",
    "find",
    "multilayer_perceptron",
    "names",
    "register",
    "softmax_regression",
]
