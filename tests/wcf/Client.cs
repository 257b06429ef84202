// A .NET client of the connector contract: calls all 17 methods of the connector at the given address,
// checks what comes back, and says "done" at the end. Compiled with Contract.cs in either form; with
// SPLIT without GetConfigData, whose request has no members that would tell which form is meant.
using System;
using System.Collections.Generic;
using System.Linq;
using System.ServiceModel;
using SuperOffice.ErpSync;

static class Client
{
    const string Id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

    static T Check<T>(string what, T result, Func<T, bool> isGood) where T : ConnectorResultBaseWS
    {
        if (result == null || !isGood(result)) throw new Exception(what + ": " + (result == null ? "null" : result.State + " " + result.TechExplanation));
        return result;
    }

    static Dictionary<string, string> Pairs(params string[] texts) { return Enumerable.Range(0, texts.Length / 2).ToDictionary(i => texts[2 * i], i => texts[2 * i + 1]); }

    static void Main(string[] args)
    {
        var binding = new BasicHttpBinding { MaxReceivedMessageSize = 1 << 28, MaxBufferSize = 1 << 28 };
        var erp = new ChannelFactory<IErpConnectorWS>(binding, new EndpointAddress(args[0])).CreateChannel();
        var name = new[] { "Name" };
        const string odd = " A & B <C>\t\"ö\" 🌷 ";

        Check("refused", erp.WSTestConfigData(new TestConfigDataRequestWS { ConnectionInfo = Pairs("Server", "s", "Password", "wrong", "Company", "01") }), r => !r.IsOk && r.State == ResponseStateWS.Error && r.UserExplanation.Contains("Refused"));
        Check("save", erp.WSSaveConnection(new SaveConnectionRequestWS { ConnectionGuid = Id, ConnectionInfo = Pairs("Server", "s", "Password", "p", "Company", "02") }), r => r.IsOk && r.State == ResponseStateWS.Warning);
        Check("test", erp.WSTestConnection(new RequestBaseWS { ConnectionGuid = Id }), r => r.IsOk);
        Check("types", erp.WSGetSupportedActorTypes(new RequestBaseWS { ConnectionGuid = Id }), r => r.Items.Contains("Customer"));
        Check("fields", erp.WSGetSupportedActorTypeFields(new GetSupportedActorTypeFieldsRequestWS { ConnectionGuid = Id, ActorType = "Customer" }), r => r.FieldMetaDataObjects[0].Access == FieldAccessInfoWS.Mandatory && r.FieldMetaDataObjects[0].MaxLength == 80);
        Check("searchable", erp.WSGetSearchableFields(new GetSearchableFieldsRequestWS { ConnectionGuid = Id, ActorType = "Person" }), r => r.Items.Length == 2);
        Check("list", erp.WSGetList(new GetListRequestWS { ConnectionGuid = Id, ListName = "Country" }), r => r.ListItems["DE"].Contains("Deutschland"));
        Check("items", erp.WSGetListItems(new GetListItemsRequestWS { ConnectionGuid = Id, ListName = "Country", ListItemKeys = new[] { "AT" } }), r => r.ListItems.Count == 1);
        var made = Check("create", erp.WSCreateActor(new CreateActorRequestWS { ConnectionGuid = Id, Actor = new ErpActorWS { ActorType = "Customer", FieldValues = Pairs("Name", odd) } }), r => r.Actor.FieldValues["Name"] == odd && r.Actor.ErpKey != "").Actor;
        Check("get", erp.WSGetActors(new GetActorsRequestWS { ConnectionGuid = Id, ActorType = "Customer", ErpKeys = new[] { made.ErpKey }, FieldKeys = name }), r => r.Actors.Single().FieldValues["Name"] == odd && r.Actors[0].ParentErpKey == null);
        made.FieldValues = Pairs("Name", "New");
        var saved = Check("saved", erp.WSSaveActors(new SaveActorsRequestWS { ConnectionGuid = Id, Actors = new[] { made } }), r => string.CompareOrdinal(r.Actors.Single().LastModified, made.LastModified) > 0);
        Check("search", erp.WSSearchActors(new SearchActorsRequestWS { ConnectionGuid = Id, ActorType = "Customer", SearchText = "new", FieldKeys = name }), r => r.Actors.Single().ErpKey == made.ErpKey);
        Check("children", erp.WSSearchActorByParent(new SearchActorByParentRequestWS { ConnectionGuid = Id, ActorType = "Person", SearchText = "", ParentActorType = "Customer", ParentActorErpKey = "C2", FieldKeys = name }), r => r.Actors.Single().ParentErpKey == "C2");
        Check("advanced", erp.WSSearchActorsAdvanced(new SearchActorsAdvancedRequestWS { ConnectionGuid = Id, ActorType = "Customer", FieldKeys = name, Restrictions = new[] { new SearchRestrictionInfoWS { FieldKey = "Rating", Operator = "between", Values = new[] { "[I:2]", "[I:4]" } } } }), r => r.Actors.Length == 3);
        Check("since", erp.WSGetActorsByTimestamp(new GetActorsByTimestampRequestWS { ConnectionGuid = Id, ActorType = "Customer", UpdatedOnOrAfter = saved.Actors[0].LastModified, FieldKeys = name }), r => r.Actors.Single().ErpKey == made.ErpKey);
        Check("delete", erp.WSDeleteConnection(new RequestBaseWS { ConnectionGuid = Id }), r => r.IsOk);
        Check("forgotten", erp.WSTestConnection(new RequestBaseWS { ConnectionGuid = Id }), r => r.ErrorCode == "UNKNOWN_CONNECTION_ID");
        try { erp.WSGetList(null); throw new Exception("no fault"); }
        catch (FaultException) { }
#if !SPLIT
        Check("config", erp.WSGetConfigData(), r => r.IsOk && r.FieldMetaDataObjects.Length == 8 && r.FieldMetaDataObjects[0].FieldType == FieldMetadataTypeInfoWS.Label);
#endif
        Console.WriteLine("done");
    }
}
