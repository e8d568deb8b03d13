// Calls the published Go SDK: reads one call as JSON per line from stdin and writes one result per line to stdout.
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

type sdkCall struct {
	BaseURL   string  `json:"baseUrl"`
	Token     *string `json:"token"`
	Operation string  `json:"operation"`
	ID        string  `json:"id"`
	Type      string  `json:"type"`
	Report    *report `json:"report"`
	// Whether the SDK retries as it does by default.
	Retries bool `json:"retries"`
}

type sdkResult struct {
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
	// The SDK prints to stdout if a token request fails, so results keep the original descriptor.
	results := json.NewEncoder(os.Stdout)
	os.Stdout = os.Stderr
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var call sdkCall
		if err := json.Unmarshal(lines.Bytes(), &call); err != nil {
			fmt.Fprintln(os.Stderr, "cannot parse the call:", err)
			os.Exit(1)
		}
		if err := results.Encode(resultOf(call)); err != nil {
			os.Exit(1)
		}
	}
}

func clientFor(call sdkCall) *beta.APIClient {
	token := ""
	if call.Token != nil {
		token = *call.Token
	}
	configuration := beta.NewConfiguration("", "", call.BaseURL+"/beta", call.BaseURL+"/oauth/token", token, "", false)
	configuration.HTTPClient = retryablehttp.NewClient()
	configuration.HTTPClient.Logger = nil
	if !call.Retries {
		configuration.HTTPClient.RetryMax = 0
		// Otherwise the status and Retry-After of the last failure are lost.
		configuration.HTTPClient.ErrorHandler = retryablehttp.PassthroughErrorHandler
	}
	return beta.NewAPIClient(configuration)
}

func resultOf(call sdkCall) sdkResult {
	api := clientFor(call).ManagedClientsAPI
	switch call.Operation {
	case "getManagedClientStatus":
		value, response, err := api.GetManagedClientStatus(context.Background(), call.ID).Type_(beta.ManagedClientType(call.Type)).Execute()
		return sdkResultOf(value, response, err)
	case "updateManagedClientStatus":
		value, response, err := api.UpdateManagedClientStatus(context.Background(), call.ID).ManagedClientStatus(reportOf(*call.Report)).Execute()
		return sdkResultOf(value, response, err)
	}
	fmt.Fprintln(os.Stderr, "unknown operation:", call.Operation)
	os.Exit(1)
	return sdkResult{}
}

func reportOf(given report) beta.ManagedClientStatus {
	timestamp, err := time.Parse(time.RFC3339Nano, given.Timestamp)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot parse the timestamp:", err)
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

func sdkResultOf[T any](value *T, response *http.Response, err error) sdkResult {
	if err == nil {
		if value == nil {
			return sdkResult{Kind: "value"}
		}
		return sdkResult{Kind: "value", Value: value}
	}
	given := sdkResult{Kind: "error", Error: fmt.Sprintf("%T", err), Message: err.Error()}
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
