def augment(name, images, generator):
    return images
