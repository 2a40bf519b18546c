using Edge.Fleet.Service;
using Edge.Fleet.Setup;

// child FOLDER: serves the fleet of a folder until it is killed.
using var server = new FleetServer(FleetFolder.Open(args[0]), Console.Out.WriteLine, TimeProvider.System);
server.Run(CancellationToken.None);
