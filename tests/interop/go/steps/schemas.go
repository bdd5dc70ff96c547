package steps

import (
	"crypto/md5"
	"fmt"
)

// Avro schemas that the programs share, in the form in which a registry keeps them.
const (
	Order             = `{"type":"record","name":"Order","namespace":"shop","fields":[` + id + `]}`
	OrderNoted        = `{"type":"record","name":"Order","namespace":"shop","fields":[` + id + `,` + noteOptional + `]}`
	OrderNoteRequired = `{"type":"record","name":"Order","namespace":"shop","fields":[` + id + `,` + noteRequired + `]}`
	// OrderShipped refers to Address by its name, which is short within one namespace.
	OrderShipped = `{"type":"record","name":"Order","namespace":"shop","fields":[` + id + `,` + shipTo + `]}`
	Address      = `{"type":"record","name":"Address","namespace":"shop","fields":[{"name":"city","type":"string"}]}`

	id           = `{"name":"id","type":"long"}`
	noteOptional = `{"name":"note","type":["null","string"],"default":null}`
	noteRequired = `{"name":"note","type":"string"}`
	shipTo       = `{"name":"to","type":"Address"}`
)

// GUID of a schema that is nothing but its text: the hash of that.
func GUID(text string) string {
	hash := md5.Sum([]byte(text))
	return fmt.Sprintf("%x-%x-%x-%x-%x", hash[:4], hash[4:6], hash[6:8], hash[8:10], hash[10:])
}
