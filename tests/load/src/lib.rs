//! Simulated agents, as a library so that the bench can drive them.
