// Calls the published Go SDK: one question as JSON on each line of stdin, one answer on each line of stdout.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	beta "github.com/sailpoint-oss/golang-sdk/v2/api_beta"
)

type report struct {
	Body      map[string]any `json:"body"`
	Status    string         `json:"status"`
	Type      *string        `json:"type"`
	Timestamp string         `json:"timestamp"`
}

type question struct {
	BaseURL   string  `json:"baseUrl"`
	Token     *string `json:"token"`
	Operation string  `json:"operation"`
	ID        string  `json:"id"`
	Type      string  `json:"type"`
	Report    *report `json:"report"`
	// Whether the SDK may retry as it does by default.
	Retries bool `json:"retries"`
}

type answer struct {
	Kind       string  `json:"kind"`
	Value      any     `json:"value,omitempty"`
	Error      string  `json:"error,omitempty"`
	Message    string  `json:"message,omitempty"`
	Status     int     `json:"status,omitempty"`
	RetryAfter *string `json:"retryAfter,omitempty"`
	Body       string  `json:"body,omitempty"`
	Data       any     `json:"data,omitempty"`
}

func main() {
	// The SDK prints to stdout where a token request fails: the protocol keeps the descriptor for itself.
	answers := json.NewEncoder(os.Stdout)
	os.Stdout = os.Stderr
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, "not a question:", err)
			os.Exit(1)
		}
		if err := answers.Encode(handed(asked)); err != nil {
			os.Exit(1)
		}
	}
}

func clientFor(asked question) *beta.APIClient {
	token := ""
	if asked.Token != nil {
		token = *asked.Token
	}
	configuration := beta.NewConfiguration("", "", asked.BaseURL+"/beta", asked.BaseURL+"/oauth/token", token, "", false)
	configuration.HTTPClient = retryablehttp.NewClient()
	configuration.HTTPClient.Logger = nil
	if !asked.Retries {
		configuration.HTTPClient.RetryMax = 0
		// Without it the status and Retry-After of a last failure are lost.
		configuration.HTTPClient.ErrorHandler = retryablehttp.PassthroughErrorHandler
	}
	return beta.NewAPIClient(configuration)
}

func handed(asked question) answer {
	api := clientFor(asked).ManagedClientsAPI
	if asked.Operation == "getManagedClientStatus" {
		value, response, err := api.GetManagedClientStatus(context.Background(), asked.ID).Type_(beta.ManagedClientType(asked.Type)).Execute()
		return answerOf(value, response, err)
	}
	value, response, err := api.UpdateManagedClientStatus(context.Background(), asked.ID).ManagedClientStatus(reportOf(*asked.Report)).Execute()
	return answerOf(value, response, err)
}

func reportOf(given report) beta.ManagedClientStatus {
	timestamp, err := time.Parse(time.RFC3339Nano, given.Timestamp)
	if err != nil {
		fmt.Fprintln(os.Stderr, "not a timestamp:", err)
		os.Exit(1)
	}
	var kind beta.NullableManagedClientType
	if given.Type == nil {
		kind.Set(nil)
	} else {
		value := beta.ManagedClientType(*given.Type)
		kind.Set(&value)
	}
	var at beta.SailPointTime
	at.Time = timestamp
	return *beta.NewManagedClientStatus(given.Body, beta.ManagedClientStatusEnum(given.Status), kind, at)
}

func answerOf[T any](value *T, response *http.Response, err error) answer {
	if err == nil {
		if value == nil {
			return answer{Kind: "value"}
		}
		return answer{Kind: "value", Value: value}
	}
	given := answer{Kind: "error", Error: fmt.Sprintf("%T", err), Message: err.Error()}
	if response != nil {
		given.Status = response.StatusCode
		if header := response.Header.Get("Retry-After"); header != "" {
			given.RetryAfter = &header
		}
	}
	var failed *beta.GenericOpenAPIError
	if errors.As(err, &failed) {
		given.Body = string(failed.Body())
		given.Data = failed.Model()
	}
	return given
}
