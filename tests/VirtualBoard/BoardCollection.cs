namespace Edge.VirtualBoard.Tests;

/// <summary>Tests that share one board, one after the other.</summary>
[CollectionDefinition(nameof(BoardCollection))]
public sealed class BoardCollection : ICollectionFixture<Board>;
