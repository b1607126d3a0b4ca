// Allocation guards count what the tick's thread allocates; the runtime's own caches (casts) are shared by all threads of the process,
// so a neighbour that runs at the same time could be what makes them grow on the guarded thread.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
