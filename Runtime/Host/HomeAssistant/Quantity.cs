namespace Edge.Runtime.HomeAssistant;

/// <summary>What a column of readings measures, as Home Assistant names it.</summary>
/// <param name="DeviceClass">Home Assistant's device class.</param>
/// <param name="Unit">The unit that goes with it.</param>
internal readonly record struct Quantity(string DeviceClass, string Unit)
{
    /// <summary>Words by which columns are known, each with what it stands for; the first that fits wins.</summary>
    private static readonly (string Word, Quantity Quantity)[] Known =
    [
        ("humidityratio", default),
        ("temperature", new("temperature", "°C")),
        ("temp", new("temperature", "°C")),
        ("humidity", new("humidity", "%")),
        ("co2", new("carbon_dioxide", "ppm")),
        ("tvoc", new("volatile_organic_compounds_parts", "ppb")),
        ("pressure", new("atmospheric_pressure", "hPa")),
        ("illuminance", new("illuminance", "lx")),
        ("light", new("illuminance", "lx")),
        ("lux", new("illuminance", "lx")),
        ("voltage", new("voltage", "V")),
        ("current", new("current", "A")),
        ("power", new("power", "W")),
        ("energy", new("energy", "kWh")),
        ("distance", new("distance", "mm")),
        ("pm25", new("pm25", "µg/m³")),
        ("pm10", new("pm10", "µg/m³")),
    ];

    /// <summary>What a column measures, by its name; null where the name says nothing.</summary>
    internal static Quantity? Of(string column)
    {
        string plain = column.Replace("_", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        foreach ((string word, Quantity quantity) in Known)
        {
            if (plain.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return quantity == default ? null : quantity;
            }
        }
        return null;
    }
}
