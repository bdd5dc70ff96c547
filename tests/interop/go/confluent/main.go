// Confluent's own Go client against a running registry: confluent URL.
package main

import (
	"os"

	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/rest"

	"syngraph.tests/clients/steps"
)

type suite struct{ url string }

func main() {
	steps.Run(suite{url: os.Args[1]})
}

// A client without a cache of earlier answers.
func (s suite) fresh() schemaregistry.Client {
	return steps.Must(schemaregistry.NewClient(schemaregistry.NewConfig(s.url)))
}

func avro(text string) schemaregistry.SchemaInfo {
	return schemaregistry.SchemaInfo{Schema: text}
}

func (s suite) register(subject string, schema schemaregistry.SchemaInfo) int {
	return steps.Must(s.fresh().Register(subject, schema, false))
}

// The code and message of a refusal.
func refused[T any](_ T, err error) rest.Error {
	return *steps.Refused[*rest.Error](err)
}

func (s suite) RegisterLookUpAndReadBack() {
	first := s.register("read-value", avro(steps.Order))
	steps.Equal(s.register("read-value", avro(steps.Order)), first)
	steps.Equal(s.register("read-again-value", avro(steps.Order)), first)

	whole := steps.Must(s.fresh().RegisterFullResponse("read-value", avro(steps.Order), false))
	steps.Equal(whole.ID, first)
	steps.Equal(steps.Must(s.fresh().GetByGUID(steps.GUID(steps.Order))).Schema, steps.Order)

	schema := steps.Must(s.fresh().GetBySubjectAndID("read-value", first))
	steps.Equal(schema, avro(steps.Order))
	steps.Equal(steps.Must(s.fresh().GetBySubjectAndID("", first)).Schema, steps.Order)
	latest := steps.Must(s.fresh().GetLatestSchemaMetadata("read-value"))
	steps.Equal(latest.Subject, "read-value")
	steps.Equal(latest.ID, first)
	steps.Equal(steps.Must(s.fresh().GetSchemaMetadata("read-value", 1)).ID, first)

	steps.Equal(steps.Must(s.fresh().GetID("read-value", avro(steps.Order), false)), first)
	steps.Equal(steps.Must(s.fresh().GetVersion("read-value", avro(steps.Order), true)), 1)
	steps.Equal(steps.Must(s.fresh().GetAllVersions("read-value")), []int{1})
	steps.Lists(steps.Must(s.fresh().GetAllSubjects()), "read-value", "read-again-value")
	users := steps.Must(s.fresh().GetSubjectsAndVersionsByID(first))
	steps.Lists(users, schemaregistry.SubjectAndVersion{Subject: "read-again-value", Version: 1})
}

func (s suite) EvolveAndBeRefused() {
	subject := "evolve-value"
	first := s.register(subject, avro(steps.Order))
	second := s.register(subject, avro(steps.OrderNoted))
	steps.Holds(second > first, []int{first, second})

	error := refused(s.fresh().Register(subject, avro(steps.OrderNoteRequired), false))
	steps.Equal(error.Code, 409)
	steps.Mentions(error.Message, `incompatible with an earlier schema for subject "evolve-value"`)
	steps.Equal(steps.Must(s.fresh().GetAllVersions(subject)), []int{1, 2})

	ask := s.fresh()
	steps.Holds(steps.Must(ask.TestSubjectCompatibility(subject, avro(steps.Order))), "latest")
	steps.Holds(steps.Must(ask.TestCompatibility(subject, 1, avro(steps.OrderNoted))), "version 1")
	steps.Holds(!steps.Must(ask.TestCompatibility(subject, 1, avro(steps.OrderNoteRequired))), "1")

	broken := refused(s.fresh().Register(subject, avro(`{"type":"record"}`), false))
	steps.Equal(broken.Code, 42201)
}

func (s suite) WhatIsNotThereIsNamed() {
	missing := refused(s.fresh().GetLatestSchemaMetadata("nobody-value"))
	steps.Equal(missing, rest.Error{Code: 40401, Message: "Subject 'nobody-value' not found."})
	missing = refused(s.fresh().GetBySubjectAndID("", 2_000_000_000))
	steps.Equal(missing, rest.Error{Code: 40403, Message: "Schema 2000000000 not found"})
	s.register("missing-value", avro(steps.Order))
	missing = refused(s.fresh().GetSchemaMetadata("missing-value", 7))
	steps.Equal(missing, rest.Error{Code: 40402, Message: "Version 7 not found."})
	missing = refused(s.fresh().GetID("missing-value", avro(steps.OrderNoted), false))
	steps.Equal(missing, rest.Error{Code: 40403, Message: "Schema not found"})
}

func (s suite) References() {
	s.register("address-value", avro(steps.Address))
	shipped := avro(steps.OrderShipped)
	unresolved := refused(s.fresh().Register("shipped-value", shipped, false))
	steps.Equal(unresolved.Code, 42201)

	shipped.References = []schemaregistry.Reference{{Name: "shop.Address", Subject: "nobody-value", Version: 1}}
	unresolved = refused(s.fresh().Register("shipped-value", shipped, false))
	steps.Equal(unresolved.Code, 42201)
	steps.Mentions(unresolved.Message, `No schema reference found for subject "nobody-value" and version 1`)

	shipped.References[0].Subject = "address-value"
	number := s.register("shipped-value", shipped)
	steps.Equal(s.register("shipped-value", shipped), number)
	steps.Equal(steps.Must(s.fresh().GetBySubjectAndID("shipped-value", number)), shipped)
	latest := steps.Must(s.fresh().GetLatestSchemaMetadata("shipped-value"))
	steps.Equal(latest.References, shipped.References)
	steps.Equal(steps.Must(s.fresh().GetID("shipped-value", shipped, false)), number)

	needed := refused(s.fresh().DeleteSubjectVersion("address-value", 1, false))
	steps.Equal(needed.Code, 42206)
	steps.Equal(steps.Must(s.fresh().DeleteSubject("shipped-value", false)), []int{1})
	steps.Equal(steps.Must(s.fresh().DeleteSubjectVersion("address-value", 1, false)), 1)
}

func (s suite) ContextsAreWorldsOfTheirOwn() {
	subject := ":.confluent-go:ctx-value"
	first := s.register(subject, avro(steps.Order))
	second := s.register(subject, avro(steps.OrderNoted))
	latest := steps.Must(s.fresh().GetLatestSchemaMetadata(subject))
	steps.Equal(latest.Subject, subject)
	steps.Equal(latest.Version, 2)
	steps.Equal(latest.ID, second)
	steps.Equal(steps.Must(s.fresh().GetBySubjectAndID(subject, first)).Schema, steps.Order)
	steps.Lists(steps.Must(s.fresh().GetAllContexts()), ".", ".confluent-go")
	error := refused(s.fresh().Register(subject, avro(steps.OrderNoteRequired), false))
	steps.Equal(error.Code, 409)
	below := suite{url: s.url + "/contexts/.confluent-go"}
	steps.Equal(steps.Must(below.fresh().GetAllVersions("ctx-value")), []int{1, 2})
	steps.Equal(steps.Must(below.fresh().GetAllSubjects()), []string{subject})
}

func (s suite) ASubjectWithADifficultName() {
	name := "a/b c%d+e-value"
	number := s.register(name, avro(steps.Order))
	steps.Equal(steps.Must(s.fresh().GetLatestSchemaMetadata(name)).ID, number)
	steps.Equal(steps.Must(s.fresh().GetBySubjectAndID(name, number)).Schema, steps.Order)
	steps.Lists(steps.Must(s.fresh().GetAllSubjects()), name)
}

func (s suite) DeletionSoftAndPermanent() {
	subject, client := "delete-value", s.fresh()
	number := s.register(subject, avro(steps.Order))
	s.register(subject, avro(steps.OrderNoted))

	hasty := refused(client.DeleteSubjectVersion(subject, 1, true))
	steps.Equal(hasty.Code, 40407)
	steps.Equal(steps.Must(client.DeleteSubjectVersion(subject, 1, false)), 1)
	steps.Equal(steps.Must(s.fresh().GetAllVersions(subject)), []int{2})
	steps.Equal(refused(s.fresh().GetSchemaMetadata(subject, 1)).Code, 40402)
	deleted := steps.Must(s.fresh().GetSchemaMetadataIncludeDeleted(subject, 1, true))
	steps.Equal(deleted.ID, number)
	steps.Equal(steps.Must(s.fresh().GetVersionIncludeDeleted(subject, avro(steps.Order), false, true)), 1)
	steps.Equal(steps.Must(s.fresh().DeleteSubjectVersion(subject, 1, true)), 1)

	steps.Equal(refused(s.fresh().DeleteSubject(subject, true)).Code, 40405)
	steps.Equal(steps.Must(s.fresh().DeleteSubject(subject, false)), []int{2})
	steps.ListsNo(steps.Must(s.fresh().GetAllSubjects()), subject)
	steps.Equal(steps.Must(s.fresh().DeleteSubject(subject, true)), []int{2})
	steps.Equal(refused(s.fresh().DeleteSubject(subject, true)).Code, 40401)
}

func (s suite) ConfigGlobalAndOfASubject() {
	subject, client := "level-value", s.fresh()
	steps.Equal(refused(client.GetCompatibility(subject)).Code, 40408)
	steps.Equal(steps.Must(client.GetDefaultCompatibility()), schemaregistry.Backward)
	steps.Equal(steps.Must(client.UpdateDefaultCompatibility(schemaregistry.Full)), schemaregistry.Full)
	steps.Equal(steps.Must(client.GetDefaultConfig()).CompatibilityLevel, schemaregistry.Full)
	steps.Equal(steps.Must(client.GetConfig(subject, true)).CompatibilityLevel, schemaregistry.Full)
	steps.Must(client.UpdateDefaultCompatibility(schemaregistry.Backward))

	steps.Equal(steps.Must(client.UpdateCompatibility(subject, schemaregistry.None)), schemaregistry.None)
	steps.Equal(steps.Must(client.GetCompatibility(subject)), schemaregistry.None)
	s.register(subject, avro(steps.Order))
	s.register(subject, avro(steps.OrderNoteRequired))

	update := schemaregistry.ServerConfig{
		CompatibilityUpdate: schemaregistry.ForwardTransitive,
		CompatibilityGroup:  "major",
		DefaultMetadata:     &schemaregistry.Metadata{Properties: map[string]string{"owner": "shop"}},
	}
	steps.Equal(steps.Must(client.UpdateConfig(subject, update)), update)
	config := steps.Must(client.GetConfig(subject, false))
	steps.Equal(config.CompatibilityLevel, schemaregistry.ForwardTransitive)
	steps.Equal(config.CompatibilityGroup, "major")
	steps.Equal(config.DefaultMetadata, update.DefaultMetadata)
}

func (s suite) MetadataAndTheLatestThatHasIt() {
	subject := "metadata-value"
	for major, text := range []string{steps.Order, steps.OrderNoted} {
		schema := avro(text)
		schema.Metadata = &schemaregistry.Metadata{
			Tags:       map[string][]string{"**.id": {"KEY"}},
			Properties: map[string]string{"major": []string{"1", "2"}[major], "owner": "shop"},
		}
		number := s.register(subject, schema)
		steps.Equal(steps.Must(s.fresh().GetBySubjectAndID(subject, number)), schema)
	}
	found := steps.Must(s.fresh().GetLatestWithMetadata(subject, map[string]string{"major": "1", "owner": "shop"}, false))
	steps.Equal(found.Version, 1)
	steps.Equal(found.Metadata.Tags, map[string][]string{"**.id": {"KEY"}})
	found = steps.Must(s.fresh().GetLatestWithMetadata(subject, map[string]string{"owner": "shop"}, false))
	steps.Equal(found.Version, 2)
	missing := refused(s.fresh().GetLatestWithMetadata(subject, map[string]string{"major": "3"}, false))
	steps.Equal(missing.Code, 40403)
}

func (s suite) RuleSets() {
	subject, schema := "rules-value", avro(steps.Order)
	schema.RuleSet = &schemaregistry.RuleSet{
		MigrationRules: []schemaregistry.Rule{{Name: "rename", Kind: "TRANSFORM", Mode: "UPGRADE", Type: "JSONATA", Expr: "$"}},
		DomainRules: []schemaregistry.Rule{{
			Name: "positive", Doc: "Ids begin at one.", Kind: "CONDITION", Mode: "WRITE", Type: "CEL",
			Tags: []string{"KEY"}, Params: map[string]string{"a": "b"}, Expr: "message.id > 0",
			OnSuccess: "NONE", OnFailure: "DLQ", Disabled: true,
		}},
	}
	number := s.register(subject, schema)
	steps.Equal(steps.Must(s.fresh().GetBySubjectAndID(subject, number)), schema)
	steps.Equal(steps.Must(s.fresh().GetLatestSchemaMetadata(subject)).RuleSet, schema.RuleSet)

	schema.RuleSet.DomainRules[0].Mode = "UPGRADE"
	steps.Equal(refused(s.fresh().Register(subject, schema, false)).Code, 42210)
}
