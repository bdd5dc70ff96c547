// franz-go's client against a running registry: franz URL.
package main

import (
	"context"
	"os"
	"slices"

	"github.com/twmb/franz-go/pkg/sr"

	"syngraph.tests/clients/steps"
)

type suite struct {
	context context.Context
	client  *sr.Client
}

func main() {
	client := steps.Must(sr.NewClient(sr.URLs(os.Args[1])))
	steps.Run(suite{context: context.Background(), client: client})
}

func avro(text string) sr.Schema {
	return sr.Schema{Schema: text, Type: sr.TypeAvro}
}

func (s suite) register(subject string, schema sr.Schema) int {
	return steps.Must(s.client.RegisterSchema(s.context, subject, schema, -1, -1))
}

// What the registry answered to a call that it refuses.
func refused[T any](_ T, err error) *sr.ResponseError {
	return steps.Refused[*sr.ResponseError](err)
}

func (s suite) RegisterLookUpAndReadBack() {
	created := steps.Must(s.client.CreateSchema(s.context, "read-value", avro(steps.Order)))
	steps.Equal(created.Subject, "read-value")
	steps.Equal(created.Version, 1)
	steps.Equal(created.Schema, avro(steps.Order))
	steps.Equal(s.register("read-value", avro(steps.Order)), created.ID)
	steps.Equal(s.register("read-again-value", avro(steps.Order)), created.ID)

	steps.Equal(steps.Must(s.client.LookupSchema(s.context, "read-value", avro(steps.Order))), created)
	steps.Equal(steps.Must(s.client.SchemaByID(s.context, created.ID)), avro(steps.Order))
	steps.Equal(steps.Must(s.client.SchemaTextByID(s.context, created.ID)), steps.Order)
	guid := steps.GUID(steps.Order)
	steps.Equal(steps.Must(s.client.SchemaByGUID(s.context, guid)).Schema, avro(steps.Order))
	ids := steps.Must(s.client.SchemaIDsByGUID(s.context, guid))
	steps.Lists(ids, sr.ContextID{Context: ".", ID: created.ID})

	steps.Equal(steps.Must(s.client.SchemaByVersion(s.context, "read-value", -1)), created)
	steps.Equal(steps.Must(s.client.SchemaTextByVersion(s.context, "read-value", 1)), steps.Order)
	steps.Equal(steps.Must(s.client.SubjectVersions(s.context, "read-value")), []int{1})
	steps.Lists(steps.Must(s.client.Subjects(s.context)), "read-value", "read-again-value")
	steps.Lists(steps.Must(s.client.SubjectsByID(s.context, created.ID)), "read-value", "read-again-value")
	users := steps.Must(s.client.SchemaVersionsByID(s.context, created.ID))
	steps.Lists(users, sr.SubjectVersion{Subject: "read-again-value", Version: 1})
	steps.Lists(steps.Must(s.client.SupportedTypes(s.context)), sr.TypeAvro)
	prefixed := sr.WithParams(s.context, sr.SubjectPrefix("read-again"), sr.LatestOnly)
	all := steps.Must(s.client.AllSchemas(prefixed))
	steps.Equal(len(all), 1)
	steps.Equal(all[0].Subject, "read-again-value")
}

func (s suite) EvolveAndBeRefused() {
	subject := "evolve-value"
	s.register(subject, avro(steps.Order))
	s.register(subject, avro(steps.OrderNoted))

	error := refused(s.client.CreateSchema(s.context, subject, avro(steps.OrderNoteRequired)))
	steps.Equal(error.StatusCode, 409)
	steps.Equal(error.ErrorCode, 409)
	steps.Mentions(error.Message, `incompatible with an earlier schema for subject "evolve-value"`)
	steps.Equal(steps.Must(s.client.SubjectVersions(s.context, subject)), []int{1, 2})

	verdict := steps.Must(s.client.CheckCompatibility(s.context, subject, 1, avro(steps.OrderNoted)))
	steps.Equal(verdict, sr.CheckCompatibilityResult{Is: true})
	verbose := sr.WithParams(s.context, sr.Verbose)
	verdict = steps.Must(s.client.CheckCompatibility(verbose, subject, -1, avro(`"string"`)))
	steps.Holds(!verdict.Is, verdict)
	steps.Mentions(verdict.Messages[0], "TYPE_MISMATCH")

	broken := refused(s.client.CreateSchema(s.context, subject, avro(`{"type":"record"}`)))
	steps.Equal(broken.SchemaError().Code, 42201)
}

func (s suite) WhatIsNotThereIsNamed() {
	missing := refused(s.client.SchemaByVersion(s.context, "nobody-value", -1))
	steps.Equal(missing.SchemaError(), sr.ErrSubjectNotFound)
	steps.Equal(missing.Message, "Subject 'nobody-value' not found.")
	missing = refused(s.client.SchemaByID(s.context, 2_000_000_000))
	steps.Equal(missing.SchemaError(), sr.ErrSchemaNotFound)
	s.register("missing-value", avro(steps.Order))
	missing = refused(s.client.SchemaByVersion(s.context, "missing-value", 7))
	steps.Equal(missing.SchemaError(), sr.ErrVersionNotFound)
	missing = refused(s.client.LookupSchema(s.context, "missing-value", avro(steps.OrderNoted)))
	steps.Equal(missing.SchemaError(), sr.ErrSchemaNotFound)
}

func (s suite) References() {
	s.register("address-value", avro(steps.Address))
	shipped := avro(steps.OrderShipped)
	shipped.References = []sr.SchemaReference{{Name: "shop.Address", Subject: "address-value", Version: 2}}
	unresolved := refused(s.client.CreateSchema(s.context, "shipped-value", shipped))
	steps.Equal(unresolved.ErrorCode, 42201)
	steps.Mentions(unresolved.Message, `No schema reference found for subject "address-value" and version 2`)

	shipped.References[0].Version = 1
	created := steps.Must(s.client.CreateSchema(s.context, "shipped-value", shipped))
	steps.Equal(created.Schema, shipped)
	steps.Equal(steps.Must(s.client.SchemaByID(s.context, created.ID)), shipped)
	steps.Equal(steps.Must(s.client.LookupSchema(s.context, "shipped-value", shipped)), created)
	referring := steps.Must(s.client.SchemaReferences(s.context, "address-value", 1))
	steps.Equal(referring, []sr.SubjectSchema{created})

	needed := steps.Refused[*sr.ResponseError](s.client.DeleteSchema(s.context, "address-value", 1, sr.SoftDelete))
	steps.Equal(needed.SchemaError(), sr.ErrReferenceExists)
	steps.Must(s.client.DeleteSubject(s.context, "shipped-value", sr.SoftDelete))
	steps.Succeeds(s.client.DeleteSchema(s.context, "address-value", 1, sr.SoftDelete))
	needed = steps.Refused[*sr.ResponseError](s.client.DeleteSchema(s.context, "address-value", 1, sr.HardDelete))
	steps.Equal(needed.SchemaError(), sr.ErrReferenceExists)
}

func (s suite) ContextsAreWorldsOfTheirOwn() {
	subject, inside := ":.franz:ctx-value", sr.InContext(s.context, ".franz")
	first := s.register(subject, avro(steps.Order))
	second := steps.Must(s.client.CreateSchema(inside, "ctx-value", avro(steps.OrderNoted)))
	steps.Equal(second.Subject, subject)
	steps.Equal(second.Version, 2)
	steps.Equal(steps.Must(s.client.Subjects(inside)), []string{subject})
	steps.Equal(steps.Must(s.client.SubjectVersions(s.context, subject)), []int{1, 2})
	steps.Equal(steps.Must(s.client.SchemaByID(inside, second.ID)).Schema, steps.OrderNoted)
	of := sr.WithParams(s.context, sr.Subject(subject))
	steps.Equal(steps.Must(s.client.SchemaByID(of, first)).Schema, steps.Order)
	steps.Lists(steps.Must(s.client.Contexts(s.context)), ".", ".franz")

	full := steps.Refused[*sr.ResponseError](s.client.DeleteContext(s.context, ".franz"))
	steps.Equal(full.ErrorCode, 42211)
	steps.Must(s.client.DeleteSubject(s.context, subject, sr.SoftDelete))
	steps.Must(s.client.DeleteSubject(s.context, subject, sr.HardDelete))
	steps.Succeeds(s.client.DeleteContext(s.context, ".franz"))
	steps.ListsNo(steps.Must(s.client.Contexts(s.context)), ".franz")
}

func (s suite) ASubjectWithADifficultName() {
	name := "a/b c%d+e-value"
	created := steps.Must(s.client.CreateSchema(s.context, name, avro(steps.Order)))
	steps.Equal(created.Subject, name)
	steps.Lists(steps.Must(s.client.Subjects(s.context)), name)
}

func (s suite) DeletionSoftAndPermanent() {
	subject, deleted := "delete-value", sr.WithParams(s.context, sr.ShowDeleted)
	number := s.register(subject, avro(steps.Order))
	s.register(subject, avro(steps.OrderNoted))

	hasty := steps.Refused[*sr.ResponseError](s.client.DeleteSchema(s.context, subject, 1, sr.HardDelete))
	steps.Equal(hasty.SchemaError(), sr.ErrSchemaVersionNotSoftDeleted)
	steps.Succeeds(s.client.DeleteSchema(s.context, subject, 1, sr.SoftDelete))
	steps.Equal(steps.Must(s.client.SubjectVersions(s.context, subject)), []int{2})
	steps.Equal(steps.Must(s.client.SubjectVersions(deleted, subject)), []int{1, 2})
	steps.Equal(steps.Must(s.client.SchemaByVersion(deleted, subject, 1)).ID, number)

	steps.Equal(refused(s.client.DeleteSubject(s.context, subject, sr.HardDelete)).SchemaError(), sr.ErrSubjectNotSoftDeleted)
	steps.Equal(steps.Must(s.client.DeleteSubject(s.context, subject, sr.SoftDelete)), []int{2})
	steps.ListsNo(steps.Must(s.client.Subjects(s.context)), subject)
	steps.Lists(steps.Must(s.client.Subjects(deleted)), subject)
	steps.Equal(steps.Must(s.client.DeleteSubject(s.context, subject, sr.HardDelete)), []int{1, 2})
	steps.ListsNo(steps.Must(s.client.Subjects(deleted)), subject)
	steps.Equal(refused(s.client.DeleteSubject(s.context, subject, sr.HardDelete)).SchemaError(), sr.ErrSubjectNotFound)
}

// The one result of a call for one subject; the level that a subject has.
func (s suite) level(subject string) (sr.CompatibilityLevel, error) {
	result := s.client.Compatibility(s.context, subject)[0]
	return result.Level, result.Err
}

func (s suite) setLevel(level sr.CompatibilityLevel, subject string) {
	result := s.client.SetCompatibility(s.context, sr.SetCompatibility{Level: level}, subject)[0]
	steps.Succeeds(result.Err)
	steps.Equal(result.Level, level)
	steps.Equal(steps.Must(s.level(subject)), level)
}

func (s suite) ConfigGlobalAndOfASubject() {
	subject := "level-value"
	steps.Equal(refused(s.level(subject)).SchemaError(), sr.ErrSubjectLevelCompatibilityNotConfigured)
	steps.Equal(steps.Must(s.level(sr.GlobalSubject)), sr.CompatBackward)
	s.setLevel(sr.CompatFullTransitive, sr.GlobalSubject)
	inherited := s.client.Compatibility(sr.WithParams(s.context, sr.DefaultToGlobal), subject)[0]
	steps.Succeeds(inherited.Err)
	steps.Equal(inherited.Level, sr.CompatFullTransitive)
	steps.Succeeds(s.client.ResetCompatibility(s.context, sr.GlobalSubject)[0].Err)
	steps.Equal(steps.Must(s.level(sr.GlobalSubject)), sr.CompatBackward)

	s.setLevel(sr.CompatNone, subject)
	s.register(subject, avro(steps.Order))
	s.register(subject, avro(steps.OrderNoteRequired))
	steps.Succeeds(s.client.ResetCompatibility(s.context, subject)[0].Err)
	steps.Equal(refused(s.level(subject)).SchemaError(), sr.ErrSubjectLevelCompatibilityNotConfigured)
}

func (s suite) mode(subject string) (sr.Mode, error) {
	result := s.client.Mode(s.context, subject)[0]
	return result.Mode, result.Err
}

func (s suite) setMode(mode sr.Mode, subject string) {
	steps.Succeeds(s.client.SetMode(s.context, mode, subject)[0].Err)
	steps.Equal(steps.Must(s.mode(subject)), mode)
}

func (s suite) ModesGlobalAndOfASubject() {
	subject := "mode-value"
	steps.Equal(steps.Must(s.mode(sr.GlobalSubject)), sr.ModeReadWrite)
	steps.Equal(refused(s.mode(subject)).SchemaError(), sr.ErrSubjectLevelModeNotConfigured)
	for _, scope := range []string{subject, sr.GlobalSubject} {
		s.setMode(sr.ModeReadOnly, scope)
		error := refused(s.client.CreateSchema(s.context, subject, avro(steps.Order)))
		steps.Equal(error.SchemaError(), sr.ErrOperationNotPermitted)
		steps.Succeeds(s.client.ResetMode(s.context, scope)[0].Err)
	}
	s.register(subject, avro(steps.Order))
}

func (s suite) ImportKeepsIdsAndVersions() {
	subject := "import-value"
	chosen := refused(s.client.CreateSchemaWithIDAndVersion(s.context, subject, avro(steps.Order), 7_000, 3))
	steps.Equal(chosen.SchemaError(), sr.ErrOperationNotPermitted)
	s.setMode(sr.ModeImport, subject)
	imported := steps.Must(s.client.CreateSchemaWithIDAndVersion(s.context, subject, avro(steps.OrderNoted), 7_000, 3))
	steps.Equal(imported.ID, 7_000)
	steps.Equal(imported.Version, 3)
	taken := refused(s.client.CreateSchemaWithIDAndVersion(s.context, subject, avro(`"bytes"`), 7_000, 4))
	steps.Equal(taken.ErrorCode, 42205)
	steps.Succeeds(s.client.ResetMode(s.context, subject)[0].Err)
	next := steps.Must(s.client.CreateSchema(s.context, subject, avro(steps.Order)))
	steps.Equal(next.Version, 4)
	steps.Equal(steps.Must(s.client.SubjectVersions(s.context, subject)), []int{3, 4})
}

func (s suite) MetadataAndRuleSets() {
	schema := avro(steps.Order)
	schema.SchemaMetadata = &sr.SchemaMetadata{
		Tags:       map[string][]string{"**.id": {"KEY"}},
		Properties: map[string]string{"owner": "shop"},
	}
	schema.SchemaRuleSet = &sr.SchemaRuleSet{
		DomainRules: []sr.SchemaRule{{
			Name: "positive", Doc: "Ids begin at one.", Kind: sr.SchemaRuleKindCondition,
			Mode: sr.SchemaRuleModeWrite, Type: "CEL", Tags: []string{"KEY"},
			Params: map[string]string{"a": "b"}, Expr: "message.id > 0", OnFailure: "DLQ",
		}},
	}
	created := steps.Must(s.client.CreateSchema(s.context, "contract-value", schema))
	steps.Equal(created.Schema, schema)
	steps.Equal(steps.Must(s.client.SchemaByID(s.context, created.ID)), schema)
	plain := s.register("contract-free-value", avro(steps.Order))
	steps.Holds(plain != created.ID, "what differs in metadata differs in identity")

	schema.SchemaRuleSet.DomainRules[0].Name = ""
	error := refused(s.client.CreateSchema(s.context, "contract-value", schema))
	steps.Equal(error.SchemaError(), sr.ErrInvalidRuleset)
}

func (s suite) AllOfASubject() {
	s.register("all-value", avro(steps.Order))
	s.register("all-value", avro(steps.OrderNoted))
	all := steps.Must(s.client.Schemas(s.context, "all-value"))
	texts := []string{all[0].Schema.Schema, all[1].Schema.Schema}
	slices.Sort(texts)
	steps.Equal(texts, []string{steps.OrderNoted, steps.Order})
}
